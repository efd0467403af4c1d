/* web_pages: what the web server of policyd answers. */
#ifndef VITRINE_DAEMON_WEB_PAGES_H
#define VITRINE_DAEMON_WEB_PAGES_H

#include "policyd/web/web.h"

struct config;

enum { WEB_PAGES = 4 };

/* For a server whose ctx is the struct daemon. Fills pages, with the row that ends them. */
void web_pages_fill(const struct config *c, struct web_page pages[WEB_PAGES + 1]);

#endif
