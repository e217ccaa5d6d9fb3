// Whether a run that lies in a sweep's folder is the trial that it is taken for.
#pragma once

#include <string>

#include "core/value.h"

namespace commands {

// The first place where `config`, of a run with all of its defaults, has another value than `asked`, an
// experiment with a trial's values: "optim.lr is 0.03, not 0.0001"; "" where there is none. Budgets, which a
// trial may outgrow, are not compared.
std::string disagreement(const core::Value& asked, const core::Value& config);

}  // namespace commands
