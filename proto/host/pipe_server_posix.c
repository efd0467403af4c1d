#include "proto/host/pipe_server.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proto/host/pipe_socket_posix.h"

enum { BACKLOG = 16 };

struct pipe_server {
	uv_pipe_t listener;
	pipe_server_waiting *waiting;
	void *ctx;
	char *name;
};

static void on_closed(uv_handle_t *handle)
{
	struct pipe_server *s = handle->data;

	free(s->name);
	free(s);
}

static void on_connection(uv_stream_t *listener, int err)
{
	struct pipe_server *s = listener->data;

	s->waiting(s->ctx, err);
}

enum status pipe_server_open(uv_loop_t *loop, const struct pipe_options *o, struct pipe_server **out, struct diag *why)
{
	struct pipe_server *s = calloc(1, sizeof *s);
	size_t name_bytes = strlen(o->name) + 1;
	enum status st;
	int fd = -1;

	*out = NULL;
	if (s)
		s->name = malloc(name_bytes);
	if (!s || !s->name) {
		free(s);
		return diag_set(why, ST_NOMEM, "out of memory");
	}
	memcpy(s->name, o->name, name_bytes);
	st = pipe_socket_bind(o->name, &fd, why);
	if (st != ST_OK) {
		free(s->name);
		free(s);
		return st;
	}
	uv_pipe_init(loop, &s->listener, 0);
	s->listener.data = s;
	if (uv_pipe_open(&s->listener, fd) != 0) {
		close(fd);
		pipe_server_close(s);
		return diag_set(why, ST_SYSTEM, "%s: cannot be used", o->name);
	}
	*out = s;
	return ST_OK;
}

enum status pipe_server_listen(struct pipe_server *s, pipe_server_waiting *waiting, void *ctx, struct diag *why)
{
	int err;

	s->waiting = waiting;
	s->ctx = ctx;
	err = uv_listen((uv_stream_t *)&s->listener, BACKLOG, on_connection);
	return err ? diag_set(why, ST_SYSTEM, "%s: cannot listen: %s", s->name, uv_strerror(err)) : ST_OK;
}

enum status pipe_server_accept(struct pipe_server *s, uv_pipe_t *client, struct diag *why)
{
	int err = uv_accept((uv_stream_t *)&s->listener, (uv_stream_t *)client);
	uv_os_fd_t fd;

	if (err == UV_EAGAIN)
		return diag_set(why, ST_STOPPED, "nobody waits");
	if (!err)
		err = uv_fileno((uv_handle_t *)client, &fd);
	return err ? diag_set(why, ST_SYSTEM, "%s", uv_strerror(err)) : pipe_socket_check_peer(fd, why);
}

void pipe_server_close(struct pipe_server *s)
{
	if (!s)
		return;
	unlink(s->name);
	uv_close((uv_handle_t *)&s->listener, on_closed);
}
