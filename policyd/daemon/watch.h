/* watch: tells when rules or configuration change on disk: their folders are watched, so that editors which rename a new
 * file into place and Kubernetes, which switches the link `..data`, are seen too. Told once all has been quiet for a while.
 * Loop thread only. */
#ifndef VITRINE_DAEMON_WATCH_H
#define VITRINE_DAEMON_WATCH_H

#include <stddef.h>

#include <uv.h>

enum { WATCH_MAX_FOLDERS = 128 };    /* two for each path, of at most 64 that one would write */

struct watch;

struct watch *watch_create(uv_loop_t *loop, void (*changed)(void *ctx), void *ctx);    /* NULL: out of memory */
/* Watches these from now on instead of those before. Paths that are not there yet are looked for every few seconds. */
void watch_set(struct watch *w, const char *const *paths, size_t count, unsigned quiet_ms);
void watch_close(struct watch *w);      /* NULL is fine */
void watch_release(struct watch *w);    /* after the loop has ended */

#endif
