#include "tests/bench/bench_agents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AT_ONCE = 256, HEAD_BYTES = 1024 };

enum step { LISTING, WATCHING };

struct agent {
	uv_tcp_t tcp;
	uv_connect_t connect;
	struct agents *all;
	struct tls_link *link;
	unsigned number;
	enum step step;
	bool opened, closing;
	size_t head_len, taken;                /* of the answer to the list: its front; all that came */
	char head[HEAD_BYTES + 1];
};

struct agents {
	struct agents_config config;
	unsigned begun, watching, lost;
	bool closing;
	char read_room[64 << 10], plain[17 << 10];
	struct agent agent[];
};

struct write {
	uv_write_t write;
	char bytes[];
};

static void begin_next(struct agents *a);

static void on_closed(uv_handle_t *handle)
{
	struct agent *g = handle->data;

	tls_link_destroy(g->link);
	g->link = NULL;
}

static void lose(struct agent *g)
{
	if (g->closing)
		return;
	g->closing = true;
	g->all->lost += !g->all->closing;
	uv_close((uv_handle_t *)&g->tcp, on_closed);
}

static void on_written(uv_write_t *write, int err)
{
	(void)err;
	free(write);
}

static void flush(struct agent *g)
{
	size_t n = tls_link_pending(g->link);
	struct write *w = n && !g->closing ? malloc(sizeof *w + n) : NULL;
	uv_buf_t out;

	if (!w)
		return;
	out = uv_buf_init(w->bytes, (unsigned)tls_link_take(g->link, w->bytes, n));
	if (uv_write(&w->write, (uv_stream_t *)&g->tcp, &out, 1, on_written) != 0)
		free(w);
}

static void ask(struct agent *g, const char *more)
{
	char text[512];
	int len = snprintf(text, sizeof text, "GET /api/v1/pods?fieldSelector=spec.nodeName%%3Dnode-%u%s HTTP/1.1\r\nHost: localhost\r\n"
		"Authorization: Bearer node-%u\r\n\r\n", g->number, more, g->number);

	tls_link_write(g->link, text, (size_t)len);
}

static void watch(struct agent *g)
{
	const char *version = strstr(g->head, "\"resourceVersion\":\"");
	char more[128];

	if (strncmp(g->head, "HTTP/1.1 200", 12) != 0 || !version) {
		fprintf(stderr, "node-%u: %.80s\n", g->number, g->head);
		lose(g);
		return;
	}
	version += 19;
	snprintf(more, sizeof more, "&watch=1&allowWatchBookmarks=true&timeoutSeconds=3600&resourceVersion=%.*s", (int)strcspn(version, "\""), version);
	g->step = WATCHING;
	g->all->watching++;
	ask(g, more);
	begin_next(g->all);
}

/* The front of the answer is kept: in its head the length, in its body the version. */
static void take_list(struct agent *g, const char *ptr, size_t len)
{
	size_t room = HEAD_BYTES - g->head_len, n = len < room ? len : room;
	const char *end, *length;

	memcpy(g->head + g->head_len, ptr, n);
	g->head_len += n;
	g->head[g->head_len] = '\0';
	g->taken += len;
	end = strstr(g->head, "\r\n\r\n");
	length = strstr(g->head, "Content-Length: ");
	if (end && length && g->taken == (size_t)(end + 4 - g->head) + strtoul(length + 16, NULL, 10))
		watch(g);
}

/* A change is one TLS record, or the end of one. */
static void take_event(struct agent *g, char *ptr, size_t len)
{
	const char *sent;

	ptr[len] = '\0';
	sent = strstr(ptr, "\"bench\":\"");
	if (sent)
		bench_samples_add_ns(g->all->config.delays, (int64_t)(uv_hrtime() - strtoull(sent + 9, NULL, 10)));
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *room)
{
	struct agent *g = stream->data;
	struct agents *a = g->all;
	int got;

	if (n < 0 || !tls_link_feed(g->link, room->base, (size_t)n)) {
		lose(g);
		return;
	}
	while ((got = tls_link_read(g->link, a->plain, sizeof a->plain - 1)) > 0) {
		if (g->step == LISTING)
			take_list(g, a->plain, (size_t)got);
		else
			take_event(g, a->plain, (size_t)got);
	}
	if (got < 0) {
		lose(g);
		return;
	}
	if (g->step == LISTING && !g->head_len && !g->opened && tls_link_write(g->link, "", 0)) {
		g->opened = true;                  /* hands are shaken */
		ask(g, "");
	}
	flush(g);
}

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
	struct agent *g = handle->data;

	(void)suggested;
	*out = uv_buf_init(g->all->read_room, sizeof g->all->read_room);
}

static void on_connected(uv_connect_t *connect, int err)
{
	struct agent *g = connect->data;

	if (err || uv_read_start((uv_stream_t *)&g->tcp, on_room, on_read) != 0)
		lose(g);
	else
		flush(g);
}

static void begin_next(struct agents *a)
{
	struct sockaddr_in at;
	struct agent *g;

	uv_ip4_addr("127.0.0.1", a->config.port, &at);
	while (a->begun < a->config.count && a->begun < a->watching + AT_ONCE) {
		g = &a->agent[a->begun];
		g->number = a->begun++;
		g->all = a;
		g->link = tls_link_create(a->config.side);
		uv_tcp_init(a->config.loop, &g->tcp);
		g->tcp.data = g->connect.data = g;
		if (!g->link || uv_tcp_connect(&g->connect, &g->tcp, (const struct sockaddr *)&at, on_connected) != 0)
			lose(g);
	}
}

struct agents *agents_open(const struct agents_config *c)
{
	struct agents *a = calloc(1, sizeof *a + c->count * sizeof a->agent[0]);

	if (!a)
		return NULL;
	a->config = *c;
	begin_next(a);
	return a;
}

void agents_close(struct agents *a)
{
	a->closing = true;
	for (unsigned i = 0; i < a->begun; i++)
		lose(&a->agent[i]);
}

void agents_release(struct agents *a)
{
	free(a);
}

unsigned agents_watching(const struct agents *a)
{
	return a->watching;
}

unsigned agents_lost(const struct agents *a)
{
	return a->lost;
}
