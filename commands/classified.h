// The data of a run, and what its classifier says of them.
#pragma once

#include <string>

#include "training/data/all.h"
#include "training/loop/session.h"

namespace commands {

// Of an experiment's resolved config; `where` begins the Error where it names none, as an agent's.
training::data::Data data_of(const std::string& config, const std::string& where);
// Logits and features of every row, in order. Error unless the session's learner is a classifier.
training::ClassifierOutput classify(const training::Session& classifier, const training::Dataset& rows);

}  // namespace commands
