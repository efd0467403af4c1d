/* ctl_commands: the commands of policyctl, by one table. */
#ifndef VITRINE_CTL_COMMANDS_H
#define VITRINE_CTL_COMMANDS_H

#include <stdio.h>

#include "policyd/cli/options.h"

enum { EXIT_NOT_THERE = 3 };

void ctl_commands_describe(FILE *out);
/* Operands: the command and its own. The exit status: 0, 1 policyd said no, 2 wrong usage, 3 policyd is not there. */
int ctl_commands_run(const struct options *o);

#endif
