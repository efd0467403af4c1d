/* links: policyd_output */
/* Any bytes as a stored alert's document: a patch is applied or refused, and what it gives is a document again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/output/alert_fields.h"
#include "policyd/output/alert_patch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct alert_record r = { .text = (const char *)data, .text_len = size, .json = (const char *)data, .json_len = size };
	struct alert_patch *p = alert_patch_create("u", 1);
	struct alert_fields *before = alert_fields_parse(r.json, r.json_len), *after = NULL;
	struct buf text, json;
	bool good;

	if (!p)
		abort();
	alert_patch_field(p, "k8s.pod.name", "web\"\\\n", 6, true);
	alert_patch_field(p, "b", "v", 1, false);
	alert_patch_mark(p, 0, "\"x", 2);
	buf_init(&text, 1 << 20);
	buf_init(&json, 1 << 20);
	good = alert_patch_apply(p, &r, &text, &json);
	if (good && before)
		after = alert_fields_parse((const char *)json.data, json.len);
	if (good && before && !after)
		abort();
	alert_fields_destroy(before);
	alert_fields_destroy(after);
	buf_release(&text);
	buf_release(&json);
	alert_patch_destroy(p);
	return 0;
}
