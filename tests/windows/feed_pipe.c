/* feed_pipe NAME FILE [--as-service]: stands in for a collector: makes the event pipe and writes a recorded stream to each
 * client that comes, one after the other; tells on standard output what it does. For tests of what reads the pipe. */
#include <stdio.h>
#include <string.h>

#include "proto/host/interrupt.h"
#include "proto/host/os_file.h"
#include "proto/host/pipe.h"
#include "proto/host/thread.h"

enum { CHUNK_BYTES = 64 << 10, WAIT_MS = 200, PATIENCE_MS = 30000 };

static int complain(const struct diag *why)
{
	fprintf(stderr, "feed_pipe: %s\n", why->text);
	return 1;
}

/* The whole file to the client that is there. */
static int feed(struct pipe_end *e, const char *path)
{
	static char chunk[CHUNK_BYTES];
	FILE *f = fopen(path, "rb");
	enum pipe_result result = PIPE_DONE;
	size_t n, bytes = 0;

	if (!f) {
		perror(path);
		return 1;
	}
	while (result == PIPE_DONE && (n = fread(chunk, 1, sizeof chunk, f)) > 0) {
		result = pipe_end_write(e, chunk, n, PATIENCE_MS);
		bytes += result == PIPE_DONE ? n : 0;
	}
	fclose(f);
	printf("wrote %zu bytes, %s\n", bytes, result == PIPE_DONE ? "all" : "not all");
	fflush(stdout);
	return 0;
}

/* Until the client is gone, which only a write shows: frames of a type that no version knows are skipped by readers. */
static void hold(struct pipe_end *e)
{
	static const unsigned char frame[8] = { 0, 0, 0, 0, 0xff, 0, 0, 0 };

	while (!interrupt_seen() && pipe_end_write(e, frame, sizeof frame, PATIENCE_MS) == PIPE_DONE)
		thread_sleep_ms(WAIT_MS);
}

int main(int argc, char **argv)
{
	struct pipe_options o = { .direction = PIPE_OUT };
	struct diag why = DIAG_INIT;
	struct pipe_end *e = NULL;
	int status = 0;

	if (argc < 3) {
		fputs("usage: feed_pipe NAME FILE [--as-service]\n", stderr);
		return 2;
	}
	os_stdio_binary();
	interrupt_install();
	o.name = argv[1];
	o.system_owner = argc > 3 && strcmp(argv[3], "--as-service") == 0;
	if (pipe_end_open(&o, &e, &why) != ST_OK)
		return complain(&why);
	puts("waiting");
	fflush(stdout);
	while (status == 0 && !interrupt_seen()) {
		if (pipe_end_accept(e, WAIT_MS) != PIPE_DONE)
			continue;
		status = feed(e, argv[2]);
		hold(e);
		pipe_end_disconnect(e);
	}
	pipe_end_close(e);
	return status;
}
