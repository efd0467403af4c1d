#include "policyd/daemon/alert_stage.h"

#include <stdio.h>

enum { ALERT_BYTES = 4 << 20 };    /* its fields are bounded one by one; what is longer serves nobody */

static struct alert_writer *make_writer(const struct config *c)
{
	const struct alert_settings settings = {
		.json_output = c->json_output,
		.time_format_iso_8601 = c->time_format_iso_8601,
		.json_include_message_property = c->json_include_message_property,
		.json_include_output_property = c->json_include_output_property,
		.json_include_output_fields_property = c->json_include_output_fields_property,
		.json_include_tags_property = c->json_include_tags_property,
		.buffer_format_base64 = c->buffer_format_base64,
	};

	return alert_writer_create(&settings);
}

bool alert_stage_init(struct alert_stage *a, const struct config *c)
{
	*a = (struct alert_stage){ .writer = make_writer(c), .to_stdout = c->stdout_output.enabled };
	buf_init(&a->text, ALERT_BYTES);
	return a->writer != NULL;
}

void alert_stage_release(struct alert_stage *a)
{
	alert_writer_destroy(a->writer);
	buf_release(&a->text);
}

void alert_stage_configure(struct alert_stage *a, const struct config *c)
{
	struct alert_writer *writer = make_writer(c);

	if (!writer)
		return;
	alert_writer_destroy(a->writer);
	a->writer = writer;
}

static void put_line(struct alert_stage *a)
{
	buf_append_char(&a->text, '\n');
	if (a->text.failed)
		a->too_long++;
	else if (fwrite(a->text.data, 1, a->text.len, stdout) != a->text.len || fflush(stdout) != 0)
		a->failed++;
	else
		a->written++;
}

bool alert_stage_sink(void *ctx, const struct alert *alert)
{
	struct alert_stage *a = ctx;

	if (a->to_stdout) {
		buf_clear(&a->text);
		alert_write(a->writer, alert, &a->text);
		put_line(a);
	}
	if (a->tap) {
		buf_clear(&a->text);
		if (alert_write_json(a->writer, alert, &a->text))
			a->tap(a->tap_ctx, buf_cstr(&a->text), a->text.len);
	}
	return true;
}

void alert_stage_internal(struct alert_stage *a, const struct internal_alert *alert)
{
	if (!a->to_stdout)
		return;
	buf_clear(&a->text);
	alert_write_internal(a->writer, alert, &a->text);
	put_line(a);
}
