// The rules: what each has to say of a run, or nothing.
#pragma once

#include <optional>
#include <string>

#include "analysis/diagnosis/evidence.h"

namespace analysis::diagnosis {

using Words = std::optional<std::string>;

// Of what has validation data (held_out.cpp).
Words overfitting(const Evidence& run);
Words far_from_chance(const Evidence& run);

// Of agents (returns.cpp).
Words relapse(const Evidence& run);
Words entropy_collapse(const Evidence& run);
Words no_failures(const Evidence& run);

// Of generative models (samples.cpp).
Words posterior_collapse(const Evidence& run);
Words mode_collapse(const Evidence& run);

// Of gradients (gradients.cpp).
Words exploding_gradients(const Evidence& run);
Words vanishing_gradients(const Evidence& run);

// Of layers, which log.layers looks at (layers.cpp).
Words vanishing_in_layers(const Evidence& run);
Words exploding_in_layers(const Evidence& run);
Words dead_units(const Evidence& run);

}  // namespace analysis::diagnosis
