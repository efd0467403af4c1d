#include "collector/import/input/byte_input.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/import/input/byte_decoder.h"
#include "proto/host/os_file.h"

struct byte_input {
	FILE *file;                 /* NULL: memory */
	struct view memory;         /* what of it is left */
	uint64_t stored_done, stored_total;

	const struct byte_decoder *decoder;    /* NULL: plain */
	void *decoder_state;
	uint8_t *stored;            /* chunk as stored, for the decoder */
	struct view stored_left;
	bool stored_end, complete;

	uint8_t *chunk;             /* plain bytes: [pos, len) are not consumed */
	size_t pos, len;
	uint64_t offset;
	bool ended;
	enum status end_status;
	int os_error;
};

static size_t stored_read(struct byte_input *in, uint8_t *out, size_t n)
{
	size_t got;

	if (in->file) {
		got = fread(out, 1, n, in->file);
		if (got < n && ferror(in->file)) {
			in->os_error = errno;
			in->end_status = errno == EINTR ? ST_STOPPED : ST_SYSTEM;    /* Ctrl-C while waiting for a pipe */
		}
	} else {
		got = n < in->memory.len ? n : in->memory.len;
		if (got)
			memcpy(out, in->memory.ptr, got);
		in->memory.ptr += got;
		in->memory.len -= got;
	}
	in->stored_done += got;
	return got;
}

static void end_with(struct byte_input *in, enum status st)
{
	in->ended = true;
	if (in->end_status == ST_OK)
		in->end_status = st;
}

static bool refill_stored(struct byte_input *in)
{
	size_t got;

	if (in->stored_left.len)
		return true;
	if (!in->stored_end) {
		got = stored_read(in, in->stored, BYTE_INPUT_CHUNK_BYTES);
		in->stored_end = got < BYTE_INPUT_CHUNK_BYTES;
		in->stored_left = (struct view){ .ptr = in->stored, .len = got };
	}
	return in->stored_left.len != 0;
}

/* Decompresses at least one byte unless the input is at its end. */
static size_t decode_some(struct byte_input *in, uint8_t *out, size_t n)
{
	struct decoder_room room = { .ptr = out, .cap = n };
	size_t made = 0;
	enum status st;
	bool more;

	while (made == 0 && !in->ended) {
		more = refill_stored(in);
		st = in->decoder->decode(in->decoder_state, &in->stored_left, room, &made, &in->complete);
		if (st != ST_OK)
			end_with(in, st);
		else if (!more && made == 0)
			end_with(in, in->complete ? ST_OK : ST_TRUNCATED);
	}
	return made;
}

static size_t plain_some(struct byte_input *in, uint8_t *out, size_t n)
{
	size_t got, total = 0;

	if (!in->decoder) {
		total = stored_read(in, out, n);
		if (total < n)
			in->ended = true;
		return total;
	}
	while (total < n && !in->ended) {
		got = decode_some(in, out + total, n - total);
		total += got;
	}
	return total;
}

static void fill_chunk(struct byte_input *in)
{
	if (in->pos) {
		memmove(in->chunk, in->chunk + in->pos, in->len - in->pos);
		in->len -= in->pos;
		in->pos = 0;
	}
	in->len += plain_some(in, in->chunk + in->len, BYTE_INPUT_CHUNK_BYTES - in->len);
}

/* The first chunk was read as stored; when it is compressed, it is handed to a decoder and becomes its input. */
static enum status sniff_compression(struct byte_input *in)
{
	static const struct byte_decoder *const decoders[] = { &byte_decoder_zstd, &byte_decoder_gzip };

	for (size_t i = 0; i < sizeof decoders / sizeof decoders[0]; i++) {
		if (in->len >= decoders[i]->magic_len && memcmp(in->chunk, decoders[i]->magic, decoders[i]->magic_len) == 0)
			in->decoder = decoders[i];
	}
	if (!in->decoder)
		return ST_OK;
	in->decoder_state = in->decoder->create();
	in->stored = malloc(BYTE_INPUT_CHUNK_BYTES);
	if (!in->decoder_state || !in->stored)
		return ST_NOMEM;
	memcpy(in->stored, in->chunk, in->len);
	in->stored_left = (struct view){ .ptr = in->stored, .len = in->len };
	in->stored_end = in->ended;
	in->ended = false;
	in->len = 0;
	return ST_OK;
}

static struct byte_input *input_start(FILE *file, struct view memory)
{
	struct byte_input *in = calloc(1, sizeof *in);

	if (!in) {
		if (file && file != stdin)
			fclose(file);
		return NULL;
	}
	in->file = file;
	in->memory = memory;
	in->stored_total = memory.len;
	if (file && !os_file_size(file, &in->stored_total))
		in->stored_total = 0;
	in->chunk = malloc(BYTE_INPUT_CHUNK_BYTES);
	if (in->chunk) {
		fill_chunk(in);
		if (sniff_compression(in) == ST_OK)
			return in;
	}
	byte_input_close(in);
	return NULL;
}

enum status byte_input_open(const char *path, struct byte_input **out, struct diag *why)
{
	bool is_stdin = strcmp(path, "-") == 0;
	FILE *file = is_stdin ? stdin : fopen(path, "rb");
	enum status st;

	*out = NULL;
	if (!file) {
		st = diag_set_os(why, errno, "cannot open");
		diag_set_file(why, path);
		return st;
	}
	*out = input_start(file, (struct view){ .ptr = NULL, .len = 0 });
	if (!*out)
		return diag_set(why, ST_NOMEM, "out of memory");
	if ((*out)->end_status == ST_SYSTEM && (*out)->len == 0) {
		st = byte_input_end_status(*out, why);
		diag_set_file(why, path);
		byte_input_close(*out);
		*out = NULL;
		return st;
	}
	return ST_OK;
}

struct byte_input *byte_input_of_memory(const void *bytes, size_t len)
{
	return input_start(NULL, (struct view){ .ptr = bytes, .len = len });
}

void byte_input_close(struct byte_input *in)
{
	if (!in)
		return;
	if (in->file && in->file != stdin)
		fclose(in->file);
	if (in->decoder)
		in->decoder->destroy(in->decoder_state);
	free(in->stored);
	free(in->chunk);
	free(in);
}

struct view byte_input_peek(struct byte_input *in, size_t max)
{
	if (max > BYTE_INPUT_PEEK_MAX)
		max = BYTE_INPUT_PEEK_MAX;
	if (in->len - in->pos < max && !in->ended)
		fill_chunk(in);
	if (max > in->len - in->pos)
		max = in->len - in->pos;
	return (struct view){ .ptr = in->chunk + in->pos, .len = max };
}

static size_t take_from_chunk(struct byte_input *in, uint8_t *out, size_t n)
{
	if (n > in->len - in->pos)
		n = in->len - in->pos;
	if (out && n)
		memcpy(out, in->chunk + in->pos, n);
	in->pos += n;
	in->offset += n;
	return n;
}

size_t byte_input_read(struct byte_input *in, void *out, size_t n)
{
	uint8_t *at = out;
	size_t got = take_from_chunk(in, at, n), more;

	while (got < n && !in->ended) {
		if (n - got >= BYTE_INPUT_CHUNK_BYTES) {    /* large: straight to its place */
			more = plain_some(in, at + got, n - got);
			in->offset += more;
		} else {
			fill_chunk(in);
			more = take_from_chunk(in, at + got, n - got);
		}
		got += more;
	}
	return got;
}

uint64_t byte_input_skip(struct byte_input *in, uint64_t n)
{
	uint64_t done = 0, want;

	for (;;) {
		want = n - done < SIZE_MAX ? n - done : SIZE_MAX;
		done += take_from_chunk(in, NULL, (size_t)want);
		if (done == n || in->ended)
			return done;
		fill_chunk(in);
	}
}

uint64_t byte_input_offset(const struct byte_input *in)
{
	return in->offset;
}

const char *byte_input_compression(const struct byte_input *in)
{
	return in->decoder ? in->decoder->name : "";
}

enum status byte_input_end_status(const struct byte_input *in, struct diag *why)
{
	switch (in->end_status) {
	case ST_OK:
		return ST_OK;
	case ST_SYSTEM:
		return diag_set_os(why, in->os_error, "cannot read");
	case ST_STOPPED:
		return diag_set(why, ST_STOPPED, "interrupted");
	case ST_TRUNCATED:
		return diag_set_at(why, ST_TRUNCATED, in->offset, "the %s stream is cut off", byte_input_compression(in));
	default:
		return diag_set_at(why, in->end_status, in->offset, "the %s stream is damaged", byte_input_compression(in));
	}
}

void byte_input_progress(const struct byte_input *in, uint64_t *done_bytes, uint64_t *total_bytes)
{
	*done_bytes = in->stored_done;
	*total_bytes = in->stored_total;
}
