#include "policyd/output/gzip.h"

#include <string.h>
#include <zlib.h>

enum { GZIP_WINDOW = 15 + 16, GZIP_MEMORY = 8 };    /* zlib.h, deflateInit2: 16 more asks for gzip's header */

bool gzip_append(struct buf *out, const void *ptr, size_t len)
{
	z_stream z;
	uint8_t *room;
	uLong most;
	bool done;

	memset(&z, 0, sizeof z);
	if (len > UINT32_MAX / 2 ||
	    deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	most = deflateBound(&z, (uLong)len);
	room = buf_reserve(out, most);
	if (room) {
		z.next_in = (Bytef *)(uintptr_t)ptr;
		z.avail_in = (uInt)len;
		z.next_out = room;
		z.avail_out = (uInt)most;
	}
	done = room && deflate(&z, Z_FINISH) == Z_STREAM_END;
	if (done)
		out->len += (size_t)z.total_out;
	deflateEnd(&z);
	return done;
}
