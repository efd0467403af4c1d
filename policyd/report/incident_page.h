/* incident_page: the page around the data, put together from page/ when Vitrine is built. Private to the layer. */
#ifndef VITRINE_INCIDENT_PAGE_H
#define VITRINE_INCIDENT_PAGE_H

#include <stddef.h>

struct incident_page {
	const unsigned char *before, *after;    /* the data */
	size_t before_len, after_len;
};
struct incident_page incident_page(void);

#endif
