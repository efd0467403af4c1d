/* kube_watch: follows one collection of the Kubernetes API: lists it in pages, then watches it from the list's version on,
 * for as long as it is open. What breaks off is resumed; a version that the API has forgotten (410) means a new list; what
 * refuses is asked again, later and later, or when it says. On the loop of its http_loop; no thread of its own.
 * Source: kubernetes.io/docs/reference/using-api/api-concepts, "Efficient detection of changes". */
#ifndef VITRINE_KUBE_WATCH_H
#define VITRINE_KUBE_WATCH_H

#include "policyd/kube/kube_json.h"
#include "policyd/kube/kube_server.h"

enum {
	KUBE_PAGE_OBJECTS = 500,               /* of one answer; kubectl and client-go ask for as many */
	KUBE_WATCH_S = 300,                    /* least length of a watch; up to twice that, so that nodes do not come all at once */
	KUBE_IDLE_MS = 180 * 1000,             /* bookmarks come every minute: three missing, and nobody is there */
	KUBE_BACKOFF_MS = 500,                 /* first wait after a failure */
	KUBE_BACKOFF_MAX_MS = 30 * 1000,
};

/* What it tells, in this order: begin, item..., end, then change and bookmark; a begin again where a list broke off or the
 * API forgot the version. JSON dies on return. */
struct kube_watch_sink {
	void (*begin)(void *ctx);
	void (*item)(void *ctx, const char *json, size_t len);
	void (*end)(void *ctx, const char *version);    /* the list was whole: what it had not is gone */
	/* ADDED, MODIFIED or DELETED. version: of the object. */
	void (*change)(void *ctx, enum kube_change change, struct text_view object, const char *version);
	void (*bookmark)(void *ctx, const char *version);                /* NULL: not wanted */
	void (*current)(void *ctx, bool is);   /* whether changes come at once now; told when it changes */
	void *ctx;
};

struct kube_watch_config {
	uv_loop_t *loop;
	struct http_loop *http;
	struct kube_server *server;
	const char *path;                      /* "/api/v1/pods" */
	const char *selector;                  /* of fields: "spec.nodeName=n1"; NULL: all objects */
	uint32_t page_objects, watch_s, idle_ms;    /* 0: the defaults above */
	struct kube_watch_sink sink;
};

enum kube_watch_state {
	KUBE_WATCH_WAITING,    /* for the next try */
	KUBE_WATCH_LISTING,
	KUBE_WATCH_CONNECTING, /* a watch was asked for */
	KUBE_WATCH_WATCHING,
};
const char *kube_watch_state_name(enum kube_watch_state state);

/* X(name, doc): counts since it was opened. */
#define KUBE_WATCH_COUNTS_TABLE(X)                                                                                     \
	X(lists, "whole lists received")                                                                               \
	X(pages, "pages of lists received")                                                                            \
	X(watches, "watches that were answered")                                                                       \
	X(changes, "changes received")                                                                                 \
	X(bookmarks, "bookmarks received")                                                                             \
	X(expired, "times the API had forgotten a version or a page (410)")                                            \
	X(unauthorized, "answers 401 and 403")                                                                         \
	X(throttled, "answers 429")                                                                                    \
	X(failures, "requests that failed or broke off, and other errors")                                             \
	X(refused, "objects or lines too long, or not understood")                                                     \
	X(bytes, "bytes of answers")

struct kube_watch_stats {
#define X(name, doc) uint64_t name;
	KUBE_WATCH_COUNTS_TABLE(X)
#undef X
	enum kube_watch_state state;
	uint64_t contact_ns;                   /* uv_hrtime of the last byte; 0: none yet */
	uint32_t retry_in_ms;                  /* WAITING */
	char version[KUBE_VERSION_BYTES];      /* that all before is of */
	char error[320];                       /* of the last failure; "" once it works again */
};

struct kube_watch;

/* Texts of the configuration are copied. Begins at once. ST_LIMIT: path or selector too long; ST_NOMEM. */
enum status kube_watch_open(const struct kube_watch_config *c, struct kube_watch **out);
/* Nothing is told any more. Not from within the sink. NULL is fine. */
void kube_watch_close(struct kube_watch *w);
void kube_watch_release(struct kube_watch *w);         /* after the loop has ended */
void kube_watch_get_stats(const struct kube_watch *w, struct kube_watch_stats *out);

#endif
