/* helper_image.c: a page's picture for a searchable PDF. */
#include "daemon/helper_work.h"

#include "ocr/page_image.h"
#include "ocr/read_record.h"

int helper_make_image(struct view bytes) {
    struct read_order order;
    struct page_image image;
    int err = read_order_decode(bytes, &order);
    if (!err)
        err = page_image_make(&order.picture, &image);
    if (err)
        return err;
    struct buf out = {0};
    page_image_encode(&image, &out);
    page_image_drop(&image);
    err = helper_give(&out);
    buf_drop(&out);
    return err;
}
