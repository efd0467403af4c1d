#include "proto/base/json_out.h"

#include <inttypes.h>
#include <string.h>

#include "proto/base/clock.h"
#include "proto/base/text.h"

void json_key(struct json_out *j, const char *key)
{
	if (j->comma)
		buf_append_char(j->to, ',');
	j->comma = true;
	if (!key)
		return;
	text_append_json(j->to, key, strlen(key));
	buf_append_char(j->to, ':');
}

void json_open(struct json_out *j, const char *key, char bracket)
{
	json_key(j, key);
	buf_append_char(j->to, bracket);
	j->comma = false;
}

void json_close(struct json_out *j, char bracket)
{
	buf_append_char(j->to, bracket);
	j->comma = true;
}

void json_text(struct json_out *j, const char *key, const char *text)
{
	json_key(j, key);
	if (text)
		text_append_json(j->to, text, strlen(text));
	else
		buf_append_str(j->to, "null");
}

void json_number(struct json_out *j, const char *key, int64_t n)
{
	json_key(j, key);
	buf_printf(j->to, "%" PRId64, n);
}

void json_count(struct json_out *j, const char *key, uint64_t n)
{
	json_key(j, key);
	buf_printf(j->to, "%" PRIu64, n);
}

void json_bool(struct json_out *j, const char *key, bool b)
{
	json_key(j, key);
	buf_append_str(j->to, b ? "true" : "false");
}

void json_time(struct json_out *j, const char *key, int64_t unix_ns)
{
	struct calendar c;

	calendar_from_unix_ns(unix_ns < 0 ? 0 : unix_ns, &c);
	json_key(j, key);
	buf_printf(j->to, "\"%04d-%02d-%02dT%02d:%02d:%02d.%03uZ\"", c.year, c.month, c.day, c.hour, c.minute, c.second,
		c.nanosecond / 1000000);
}
