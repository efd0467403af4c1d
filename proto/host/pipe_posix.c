#include "proto/host/pipe.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proto/host/os_file.h"
#include "proto/host/pipe_socket_posix.h"

struct pipe_end {
	int listener, client;           /* -1: none */
	size_t written;                 /* of the write that is on its way */
	char path[sizeof((struct sockaddr_un *)0)->sun_path];
};

enum status pipe_rights_text(const struct pipe_options *o, char out[PIPE_TEXT_BYTES], struct diag *why)
{
	(void)o;
	(void)why;
	snprintf(out, PIPE_TEXT_BYTES, "mode 0600");
	return ST_OK;
}

enum status pipe_end_open(const struct pipe_options *o, struct pipe_end **out, struct diag *why)
{
	struct pipe_end *e = calloc(1, sizeof *e);
	enum status st;

	*out = NULL;
	if (!e)
		return diag_set(why, ST_NOMEM, "out of memory");
	e->listener = e->client = -1;
	st = pipe_socket_bind(o->name, &e->listener, why);
	if (st == ST_OK) {
		snprintf(e->path, sizeof e->path, "%s", o->name);
		if (listen(e->listener, 1) != 0)
			st = diag_set_os(why, errno, "%s: cannot listen", o->name);
	}
	if (st == ST_OK)
		*out = e;
	else
		pipe_end_close(e);
	return st;
}

void pipe_end_close(struct pipe_end *e)
{
	if (!e)
		return;
	if (e->client >= 0)
		close(e->client);
	if (e->listener >= 0) {
		if (e->path[0])
			unlink(e->path);
		close(e->listener);
	}
	free(e);
}

enum status pipe_end_rights(const struct pipe_end *e, char out[PIPE_TEXT_BYTES], struct diag *why)
{
	struct stat st;

	if (lstat(e->path, &st) != 0)
		return diag_set_os(why, errno, "%s", e->path);
	snprintf(out, PIPE_TEXT_BYTES, "mode 0%o", (unsigned)(st.st_mode & 07777));
	return ST_OK;
}

void pipe_end_disconnect(struct pipe_end *e)
{
	if (e->client >= 0)
		close(e->client);
	e->client = -1;
	e->written = 0;
}

static enum pipe_result gone(struct pipe_end *e)
{
	pipe_end_disconnect(e);
	return PIPE_GONE;
}

static enum pipe_result wait_for(int fd, short events, uint32_t timeout_ms)
{
	struct pollfd p = { .fd = fd, .events = events };
	int n = poll(&p, 1, timeout_ms > INT32_MAX ? -1 : (int)timeout_ms);

	if (n < 0)
		return errno == EINTR ? PIPE_TIMEOUT : PIPE_GONE;
	return n == 0 ? PIPE_TIMEOUT : PIPE_DONE;
}

enum pipe_result pipe_end_accept(struct pipe_end *e, uint32_t timeout_ms)
{
	enum pipe_result waited;

	if (e->client >= 0)
		return PIPE_DONE;
	waited = wait_for(e->listener, POLLIN, timeout_ms);
	if (waited != PIPE_DONE)
		return waited;
	e->client = accept4(e->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (e->client >= 0 && pipe_socket_check_peer(e->client, NULL) != ST_OK)
		pipe_end_disconnect(e);
	return e->client >= 0 ? PIPE_DONE : PIPE_TIMEOUT;
}

/* Milliseconds that are left until end_ns. */
static uint32_t left_ms(uint64_t end_ns)
{
	uint64_t now = os_monotonic_ns();

	return now >= end_ns ? 0 : (uint32_t)((end_ns - now + 999999) / 1000000);
}

enum pipe_result pipe_end_write(struct pipe_end *e, const void *ptr, size_t len, uint32_t timeout_ms)
{
	uint64_t end_ns = os_monotonic_ns() + (uint64_t)timeout_ms * 1000000;

	if (e->client < 0)
		return PIPE_GONE;
	while (e->written < len) {
		ssize_t n = send(e->client, (const char *)ptr + e->written, len - e->written, MSG_NOSIGNAL);
		enum pipe_result waited;

		if (n >= 0) {
			e->written += (size_t)n;
			continue;
		}
		if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
			return gone(e);
		waited = wait_for(e->client, POLLOUT, left_ms(end_ns));
		if (waited != PIPE_DONE)
			return waited == PIPE_GONE ? gone(e) : PIPE_TIMEOUT;
	}
	e->written = 0;
	return PIPE_DONE;
}

enum pipe_result pipe_end_read(struct pipe_end *e, void *ptr, size_t room, uint32_t timeout_ms, size_t *got)
{
	enum pipe_result waited;
	ssize_t n;

	*got = 0;
	if (e->client < 0)
		return PIPE_GONE;
	waited = wait_for(e->client, POLLIN, timeout_ms);
	if (waited != PIPE_DONE)
		return waited == PIPE_GONE ? gone(e) : PIPE_TIMEOUT;
	n = recv(e->client, ptr, room, 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return PIPE_TIMEOUT;
	if (n <= 0)
		return gone(e);
	*got = (size_t)n;
	return PIPE_DONE;
}

enum status pipe_connect(const struct pipe_target *t, int *out_fd, struct diag *why)
{
	struct diag other = DIAG_INIT;
	struct sockaddr_un address;
	int fd, err;
	enum status st = pipe_socket_address(t->name, &address, why);

	if (st != ST_OK)
		return st;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
		err = errno;
		if (fd >= 0)
			close(fd);
		return diag_set_os(why, err, "%s", t->name);
	}
	if (t->trust != PIPE_TRUST_ANY && pipe_socket_check_peer(fd, &other) != ST_OK) {
		close(fd);
		return diag_set(why, ST_UNSUPPORTED, "%s: not trusted: %s", t->name, other.text);
	}
	*out_fd = fd;
	return ST_OK;
}
