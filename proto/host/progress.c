#include "proto/host/progress.h"

#include <inttypes.h>

#include "proto/host/os_file.h"

enum { BAR_CELLS = 30, REDRAW_NS = 100000000 };

void progress_init(struct progress *p, FILE *out, const char *label)
{
	*p = (struct progress){ .out = os_is_terminal(out) ? out : NULL, .label = label, .start_ns = os_monotonic_ns() };
}

static void draw_bar(const struct progress *p, uint64_t done, uint64_t total, double seconds)
{
	unsigned percent = (unsigned)(done >= total ? 100 : done * 100 / total);
	unsigned full = percent * BAR_CELLS / 100;
	double left = done ? seconds * ((double)total / (double)done - 1) : 0;

	fputc('[', p->out);
	for (unsigned i = 0; i < BAR_CELLS; i++)
		fputc(i < full ? '#' : '-', p->out);
	fprintf(p->out, "] %3u %%  %.0f s left  ", percent, left > 0 ? left : 0);
}

void progress_update(struct progress *p, uint64_t done_bytes, uint64_t total_bytes)
{
	uint64_t now;
	double seconds;

	if (!p->out)
		return;
	now = os_monotonic_ns();
	if (now - p->shown_ns < REDRAW_NS)
		return;
	p->shown_ns = now;
	seconds = (double)(now - p->start_ns) / 1e9;
	fprintf(p->out, "\r%s ", p->label);
	if (total_bytes)
		draw_bar(p, done_bytes, total_bytes, seconds);
	fprintf(p->out, "%.1f MB  %.0f MB/s\033[K", (double)done_bytes / 1e6, seconds > 0 ? (double)done_bytes / 1e6 / seconds : 0);
	fflush(p->out);
}

void progress_clear(struct progress *p)
{
	if (p->out && p->shown_ns) {
		fputs("\r\033[K", p->out);
		fflush(p->out);
	}
}
