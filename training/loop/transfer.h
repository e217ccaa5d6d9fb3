// Weights of another run: which parts of it this one begins with, and which of these learn no more
// (train.init_from).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "training/loop/session.h"

namespace training {

// Where `freeze` is asked for: what is taken leaves its update, stays in eval mode and has no gradient. That
// follows from the config alone, so that a resume freezes the same. Error where nothing of it learned, or an
// update is left with nothing to learn.
void freeze(Registry& registry, const InitFromOptions& options);

// Fills the parts from a run's best.h5 or last.h5, by averaged weights where it kept them. Lines that say
// what was taken, what begins fresh, what was left. Error with a readable difference, and nothing is changed,
// where a part is not there, has another shape there, or is none here.
std::vector<std::string> transfer(Session& session, const std::filesystem::path& checkpoint);

}  // namespace training
