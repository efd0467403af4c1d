/* links: policyd_report_store policyd_report */
/* Alerts as a store may have them: a document, a NUL, the story of its processes. Whatever stands there, the report's data is
 * JSON, and nothing in it ends the element it stands in. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/report/incident_data.h"
#include "policyd/report/incident_store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was written, with a NUL behind it; the caller frees. */
static char *written(const struct incident *r, size_t *len)
{
	const struct incident_summary s = { .kind = "store", .version = "fuzz" };
	FILE *f = tmpfile();
	struct incident_out out;
	char *text = NULL;
	long end;

	if (!f)
		return NULL;
	incident_out_init(&out, f);
	if (!incident_data_write(r, &s, &out) || fflush(f) != 0)
		abort();
	end = ftell(f);
	rewind(f);
	if (end > 0)
		text = calloc(1, (size_t)end + 1);
	*len = text ? fread(text, 1, (size_t)end, f) : 0;
	incident_out_release(&out);
	fclose(f);
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *nul = size ? memchr(data, 0, size) : NULL;
	size_t json_len = nul ? (size_t)(nul - data) : size;
	char *copy = calloc(1, size + 2), *text = NULL;
	struct incident *r = incident_create(4);
	struct incident_store_counts counts = { .alerts = 0 };
	struct alert_record a = { .time_ns = INT64_C(1700000000000000000), .priority = PRIORITY_ERROR, .rule = "r", .source = "windows",
		.hostname = "h", .text = "12:00:00.000000000: Error text" };
	json_t *parsed;
	size_t len = 0;

	if (!copy || !r)
		goto done;
	memcpy(copy, data, size);
	a.text_len = strlen(a.text);
	a.json = copy;
	a.json_len = json_len;
	a.story = copy + (nul ? json_len + 1 : size);
	a.story_len = nul ? size - json_len - 1 : 0;
	for (int i = 0; i < 2; i++)
		incident_store_add(r, &a, NULL, &counts);
	text = written(r, &len);
	parsed = text ? json_loadb(text, len, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, NULL) : NULL;
	if (text && (!parsed || strpbrk(text, "<>&")))
		abort();
	json_decref(parsed);
done:
	free(text);
	free(copy);
	incident_destroy(r);
	return 0;
}
