#include "tests/bench/pipe_drain.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "proto/host/pipe.h"
#include "proto/host/thread.h"

enum { READ_BYTES = 256 << 10 };

struct pipe_drain {
	struct thread *thread;
	int fd;
	uint64_t bytes;
	char room[READ_BYTES];
};

static void read_all(void *ctx)
{
	struct pipe_drain *d = ctx;
	ssize_t n;

	while ((n = read(d->fd, d->room, READ_BYTES)) > 0)
		d->bytes += (uint64_t)n;
	close(d->fd);
}

struct pipe_drain *pipe_drain_start(const char *name)
{
	const struct pipe_target target = { .name = name, .direction = PIPE_OUT, .trust = PIPE_TRUST_ANY };
	struct pipe_drain *d = calloc(1, sizeof *d);

	while (d && pipe_connect(&target, &d->fd, NULL) != ST_OK)
		thread_sleep_ms(5);
	if (!d)
		return NULL;
	fcntl(d->fd, F_SETFL, fcntl(d->fd, F_GETFL) & ~O_NONBLOCK);
	thread_start(read_all, d, &d->thread, NULL);
	return d;
}

uint64_t pipe_drain_end(struct pipe_drain *d)
{
	uint64_t bytes;

	if (!d)
		return 0;
	thread_join(d->thread);
	bytes = d->bytes;
	free(d);
	return bytes;
}
