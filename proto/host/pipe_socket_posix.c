#include "proto/host/pipe_socket_posix.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum status pipe_socket_address(const char *path, struct sockaddr_un *out, struct diag *why)
{
	size_t len = strlen(path);

	*out = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (len == 0 || len >= sizeof out->sun_path)
		return diag_set(why, ST_LIMIT, "%s: a socket's path has 1 to %zu bytes", path, sizeof out->sun_path - 1);
	memcpy(out->sun_path, path, len);
	return ST_OK;
}

/* A socket file that nobody listens on any more. Other kinds of files are left alone. */
static bool is_stale(const struct sockaddr_un *address)
{
	struct stat st;
	bool stale;
	int fd;

	if (lstat(address->sun_path, &st) != 0 || !S_ISSOCK(st.st_mode))
		return false;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	stale = connect(fd, (const struct sockaddr *)address, sizeof *address) != 0 && errno == ECONNREFUSED;
	close(fd);
	return stale;
}

enum status pipe_socket_bind(const char *path, int *out_fd, struct diag *why)
{
	struct sockaddr_un address;
	int fd, err;
	enum status st = pipe_socket_address(path, &address, why);

	if (st != ST_OK)
		return st;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return diag_set_os(why, errno, "%s: no socket", path);
	/* Before bind, so that there is no moment with other rights: unix(7), "mode of the socket". */
	if (fchmod(fd, S_IRUSR | S_IWUSR) != 0)
		goto failed;
	if (is_stale(&address))
		unlink(path);
	if (bind(fd, (const struct sockaddr *)&address, sizeof address) != 0)
		goto failed;
	*out_fd = fd;
	return ST_OK;
failed:
	err = errno;
	close(fd);
	return diag_set_os(why, err, "%s: cannot bind", path);
}

enum status pipe_socket_check_peer(int fd, struct diag *why)
{
	struct ucred peer = { .uid = (uid_t)-1 };
	socklen_t len = sizeof peer;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) != 0)
		return diag_set_os(why, errno, "nobody knows whose it is");
	if (peer.uid == geteuid() || peer.uid == 0)
		return ST_OK;
	return diag_set(why, ST_UNSUPPORTED, "it runs as another user (%u)", (unsigned)peer.uid);
}
