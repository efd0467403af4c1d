/* soak_feed: the records of a recording into an event socket, over and over at a steady rate, on a clock that runs fast. Prints
 * how many were sent. usage: soak_feed SOCKET RECORDING.vst RATE SECONDS CLOCK_SECONDS SPEED */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "tests/bench/bench_sender.h"

static int connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	return connect(fd, (const struct sockaddr *)&address, sizeof address) == 0 ? fd : -1;
}

int main(int argc, char **argv)
{
	struct bench_sender s = { .fd = -1 };

	if (argc != 7) {
		fputs("usage: soak_feed SOCKET RECORDING.vst RATE SECONDS CLOCK_SECONDS SPEED\n", stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	s.recording = argv[2];
	s.rate = strtoull(argv[3], NULL, 10);
	s.seconds = strtoull(argv[4], NULL, 10);
	s.clock_ns = strtoll(argv[5], NULL, 10) * 1000000000;
	s.speed = strtoull(argv[6], NULL, 10);
	s.fd = connect_to(argv[1]);
	if (s.fd < 0 || s.rate == 0 || !bench_sender_start(&s)) {
		fputs("soak_feed: cannot send\n", stderr);
		return 1;
	}
	bench_sender_join(&s);
	printf("%" PRIu64 "\n", s.sent);
	return 0;
}
