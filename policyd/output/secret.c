#include "policyd/output/secret.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum { REREAD_NS = 1000000000 };

enum status secret_init(struct secret *s, const struct output_secret *from)
{
	*s = (struct secret){ .from = *from };
	if (!from->file && !from->env)
		return ST_OK;
	s->text = calloc(1, OUTPUT_MAX_SECRET_BYTES + 1);
	return s->text ? ST_OK : ST_NOMEM;
}

static void wipe(char *text, size_t len)
{
	volatile char *p = text;

	while (len--)
		*p++ = 0;
}

void secret_release(struct secret *s)
{
	if (s->text)
		wipe(s->text, OUTPUT_MAX_SECRET_BYTES);
	free(s->text);
	*s = (struct secret){ .text = NULL };
}

static bool read_file(struct secret *s)
{
	FILE *f = fopen(s->from.file, "rb");
	size_t len;

	if (!f)
		return false;
	len = fread(s->text, 1, OUTPUT_MAX_SECRET_BYTES, f);
	s->text[len] = '\0';
	fclose(f);
	return true;
}

static bool read_env(struct secret *s)
{
	const char *value = getenv(s->from.env);
	size_t len = value ? strlen(value) : 0;

	if (!value || len > OUTPUT_MAX_SECRET_BYTES)
		return false;
	memcpy(s->text, value, len + 1);
	return true;
}

/* Line ends around it are an editor's; within it they would end a header. */
static bool trim_and_check(char *text)
{
	size_t len = strlen(text), start = strspn(text, " \t\r\n");

	while (len > start && strchr(" \t\r\n", text[len - 1]))
		text[--len] = '\0';
	memmove(text, text + start, len - start + 1);
	for (const char *p = text; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return false;
	return text[0] != '\0';
}

const char *secret_text(struct secret *s, char *error, size_t error_bytes)
{
	uint64_t now = uv_hrtime();
	const char *why = NULL;

	if (!s->text)
		return "";
	if (s->read_at_ns && now - s->read_at_ns < REREAD_NS)
		return s->text;
	if (s->from.file ? !read_file(s) : !read_env(s))
		why = "cannot be read";
	else if (!trim_and_check(s->text))
		why = "is empty or has control characters";
	s->read_at_ns = why ? 0 : now;
	if (!why)
		return s->text;
	snprintf(error, error_bytes, "the secret in %s %s %s", s->from.file ? "file" : "variable",
		s->from.file ? s->from.file : s->from.env, why);
	return NULL;
}
