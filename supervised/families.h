// The rows of the table of models, by family: each folder's own all.cpp.
#pragma once

#include "supervised/all.h"

namespace supervised {

std::vector<training::Entry> feedforward();
std::vector<training::Entry> graph();
std::vector<training::Entry> sequence();
std::vector<training::Entry> vision();

}  // namespace supervised
