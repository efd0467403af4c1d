#include "policyd/report/incident_page.h"

static const unsigned char before[] = {
#include INCIDENT_PAGE_BEFORE
};

static const unsigned char after[] = {
#include INCIDENT_PAGE_AFTER
};

struct incident_page incident_page(void)
{
	return (struct incident_page){ before, after, sizeof before, sizeof after };
}
