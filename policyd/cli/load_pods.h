/* load_pods: the pods of a file, for commands that judge recordings. */
#ifndef VITRINE_CLI_LOAD_PODS_H
#define VITRINE_CLI_LOAD_PODS_H

#include "policyd/pods/pods.h"

struct options;

/* --pods and --cluster. False: said why on standard error. *out NULL: neither was given; the caller destroys it. */
bool load_pods(const struct options *o, struct pods **out);

#endif
