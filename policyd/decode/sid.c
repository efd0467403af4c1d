#include "policyd/decode/sid.h"

#include <inttypes.h>
#include <stdio.h>

enum { SID_REVISION = 1, SID_HEAD_BYTES = 8, SID_MAX_SUB_AUTHORITIES = 15 };

enum status sid_skip(struct bytes *in)
{
	const uint8_t *head = bytes_take(in, 2);

	if (!head)
		return ST_TRUNCATED;
	if (head[0] != SID_REVISION || head[1] > SID_MAX_SUB_AUTHORITIES)
		return ST_MALFORMED;
	bytes_skip(in, SID_HEAD_BYTES - 2 + (size_t)head[1] * 4);
	return in->failed ? ST_TRUNCATED : ST_OK;
}

size_t sid_format(struct view sid, char out[SID_TEXT_BYTES])
{
	struct bytes in = bytes_of(sid.ptr, sid.len);
	struct bytes probe = in;
	unsigned count;
	uint64_t authority;
	int n;

	out[0] = '\0';
	if (sid_skip(&probe) != ST_OK)
		return 0;
	bytes_skip(&in, 1);
	count = bytes_u8(&in);
	authority = (uint64_t)bytes_u16be(&in) << 32;
	authority |= (uint64_t)bytes_u16be(&in) << 16;
	authority |= bytes_u16be(&in);
	/* [MS-DTYP] 2.4.2.1: an authority of 2^32 and above is written in hexadecimal. */
	n = snprintf(out, SID_TEXT_BYTES, authority >> 32 ? "S-1-0x%012" PRIX64 : "S-1-%" PRIu64, authority);
	for (unsigned i = 0; i < count; i++)
		n += snprintf(out + n, SID_TEXT_BYTES - (size_t)n, "-%" PRIu32, bytes_u32le(&in));
	return (size_t)n;
}
