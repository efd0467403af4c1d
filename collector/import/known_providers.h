/* known_providers: names of the providers and kernel classes a person meets most, for the summary. A recording that
 * brings a provider's name (TraceLogging does) needs no row here. */
#ifndef VITRINE_IMPORT_KNOWN_PROVIDERS_H
#define VITRINE_IMPORT_KNOWN_PROVIDERS_H

#include "proto/base/guid.h"

const char *known_provider_name(const struct guid *g);    /* "" when not known */

#endif
