#include "collector/import/evtx/evtx_source.h"

enum status evtx_source_open(struct byte_input *in, struct record_source **out, struct diag *why)
{
	(void)in;
	*out = NULL;
	return diag_set(why, ST_UNSUPPORTED, "this is a Windows event log (.evtx), which this build cannot read: it was built "
		"without libevtx");
}
