/* helper_request.h: what the confined programs can be asked for. */
#ifndef DAEMON_HELPER_REQUEST_H
#define DAEMON_HELPER_REQUEST_H

#define HELPER_PROGRAM "casefile-helper"
#define OFFICE_PROGRAM "casefile-office" /* its own, a fresh one for each file */

/* Record types of the requests (base/helper.h). */
enum helper_request { HELPER_OPEN = 32, HELPER_READ, HELPER_COVER, HELPER_PROVE, HELPER_CONVERT /* of the office program */, HELPER_PICTURE, HELPER_JUDGE };

#endif
