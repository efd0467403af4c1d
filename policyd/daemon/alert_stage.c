#include "policyd/daemon/alert_stage.h"

#include "policyd/fields/fields.h"
#include "policyd/output/uid.h"
#include "policyd/report/story.h"
#include "proto/host/os_file.h"

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

bool alert_stage_init(struct alert_stage *a, const struct config *c, struct outputs *outputs)
{
	*a = (struct alert_stage){ .writer = make_writer(c), .outputs = outputs };
	buf_init(&a->text, ALERT_BYTES);
	buf_init(&a->json, ALERT_BYTES);
	buf_init(&a->story, STORY_MAX_BYTES);
	return a->writer != NULL;
}

void alert_stage_release(struct alert_stage *a)
{
	alert_writer_destroy(a->writer);
	buf_release(&a->text);
	buf_release(&a->json);
	buf_release(&a->story);
}

void alert_stage_configure(struct alert_stage *a, const struct config *c)
{
	struct alert_writer *writer = make_writer(c);

	if (!writer)
		return;
	alert_writer_destroy(a->writer);
	a->writer = writer;
	alert_stage_complete(a, a->completion);
}

void alert_stage_complete(struct alert_stage *a, struct completion *c)
{
	a->completion = c;
	alert_writer_note_gaps(a->writer, c ? &a->gaps : NULL);
}

bool alert_stage_sink(void *ctx, const struct alert *alert)
{
	struct alert_stage *a = ctx;
	const struct rule *rule = alert->rule;
	const struct fields_ctx *fields = alert->event->ctx;
	struct alert_record r = { .time_ns = alert->time_ns, .priority = rule->priority, .rule = rule->name,
		.source = rule->source, .hostname = alert->hostname, .tags = rule->tags.names, .tag_count = rule->tags.count };

	buf_clear(&a->text);
	buf_clear(&a->json);
	if (!alert_write_text(a->writer, alert, &a->text) || !alert_write_json(a->writer, alert, &a->json)) {
		a->too_long++;
		return true;
	}
	r.text = buf_cstr(&a->text);
	r.text_len = a->text.len;
	r.json = buf_cstr(&a->json);
	r.json_len = a->json.len;
	buf_clear(&a->story);
	story_write(fields->ev, &a->story);    /* one too long for its bound is left out: the alert counts */
	r.story = buf_cstr(&a->story);
	r.story_len = a->story.len;
	if (a->completion && alert->incomplete)
		uid_make(os_wall_ns(), r.uid);
	if (outputs_push(a->outputs, &r) && r.uid[0])
		completion_add(a->completion, r.uid, alert, &a->gaps);
	if (a->tap)
		a->tap(a->tap_ctx, r.json, r.json_len);
	return true;
}
