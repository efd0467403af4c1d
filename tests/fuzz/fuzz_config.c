/* links: policyd_config */
/* One setting of the command line, key and value untrusted; values go the way a file's do. */
#include <stdlib.h>
#include <string.h>

#include "policyd/config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *echo(void *ctx, const char *name)
{
	(void)ctx;
	return name;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	const char *overrides[1] = { text };
	struct config_options o = { .overrides = overrides, .override_count = 1, .env = echo };
	struct config_report report;
	struct config *c = NULL;

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	config_report_init(&report);
	config_load(&o, &c, &report);
	config_destroy(c);
	config_report_release(&report);
	free(text);
	return 0;
}
