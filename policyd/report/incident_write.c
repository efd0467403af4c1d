#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/report/incident_data.h"
#include "policyd/report/incident_page.h"
#include "proto/host/os_file.h"

static enum status cannot(struct diag *why, const char *path, const char *what)
{
	int error = errno;

	diag_set_file(why, path);
	return diag_set_os(why, error, "the report cannot be %s: %s", what, error ? strerror(error) : "out of memory");
}

static bool write_page(const struct incident *r, const struct incident_summary *s, FILE *f)
{
	struct incident_page page = incident_page();
	struct incident_out out;
	bool ok;

	incident_out_init(&out, f);
	incident_out_raw(&out, page.before, page.before_len);
	ok = incident_data_write(r, s, &out);
	incident_out_raw(&out, page.after, page.after_len);
	ok = ok && !out.failed && fflush(f) == 0;
	incident_out_release(&out);
	return ok;
}

static enum status write_file(const struct incident *r, const struct incident_summary *s, const char *part, const char *path,
	struct diag *why)
{
	FILE *f = fopen(part, "wb");
	bool ok;

	if (!f)
		return cannot(why, path, "made");
	ok = write_page(r, s, f);
	if (fclose(f) != 0 || !ok) {
		enum status st = cannot(why, path, "written");

		remove(part);
		return st;
	}
	if (!os_file_replace(part, path)) {
		enum status st = cannot(why, path, "put in its place");

		remove(part);
		return st;
	}
	return ST_OK;
}

enum status incident_write(struct incident *r, const struct incident_summary *s, const char *path, struct diag *why)
{
	static const char suffix[] = ".part";
	size_t len = strlen(path);
	enum status st;
	char *part;

	errno = 0;
	if (strcmp(path, "-") == 0)
		return write_page(r, s, stdout) ? ST_OK : cannot(why, "standard output", "written");
	part = malloc(len + sizeof suffix);
	if (!part)
		return diag_set(why, ST_NOMEM, "out of memory");
	memcpy(part, path, len);
	memcpy(part + len, suffix, sizeof suffix);
	st = write_file(r, s, part, path, why);
	free(part);
	return st;
}
