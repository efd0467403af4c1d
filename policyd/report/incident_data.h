/* incident_data: an incident as the JSON that the page reads (page/model.js). Private to the layer. */
#ifndef VITRINE_INCIDENT_DATA_H
#define VITRINE_INCIDENT_DATA_H

#include "policyd/report/incident_out.h"
#include "policyd/report/incident_parts.h"

/* False: out failed, or memory is out. */
bool incident_data_write(const struct incident *r, const struct incident_summary *s, struct incident_out *o);

#endif
