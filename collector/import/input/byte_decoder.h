/* byte_decoder: the face every decompressor of byte_input shows. */
#ifndef VITRINE_IMPORT_BYTE_DECODER_H
#define VITRINE_IMPORT_BYTE_DECODER_H

#include "proto/base/bytes.h"
#include "proto/base/status.h"

struct decoder_room {
	uint8_t *ptr;
	size_t cap;
};

struct byte_decoder {
	const char *name;
	uint8_t magic[4];
	size_t magic_len;
	void *(*create)(void);      /* NULL: out of memory */
	/* Takes from *in (moving it on) and writes at most cap bytes; *made says how many. *complete: the input may
	 * end here. ST_MALFORMED: damaged; what was made before is good. */
	enum status (*decode)(void *self, struct view *in, struct decoder_room room, size_t *made, bool *complete);
	void (*destroy)(void *self);
};

extern const struct byte_decoder byte_decoder_zstd, byte_decoder_gzip;

#endif
