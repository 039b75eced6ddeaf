/* zip_directory.h: what a zip says of itself, before anything is unpacked. */
#ifndef INGEST_ZIP_DIRECTORY_H
#define INGEST_ZIP_DIRECTORY_H

#include "base/buf.h"

/* Reads the central directory (APPNOTE 4.3.12). *ret_entries: how many members and folders it names; 0 when
 * there is no directory that can be read (the caller reads on as it can). ERR_TOO_LARGE: members that lie in
 * one another, or that unpack to more than archive.h allows; ERR_TOO_MANY. */
int zip_directory_check(struct view bytes, size_t *ret_entries);

#endif
