// The rows of the table of agents, by family: each folder's own all.cpp.
#pragma once

#include "agents/all.h"

namespace agents {

std::vector<training::Entry> bandits();
std::vector<training::Entry> continuous();
std::vector<training::Entry> evolution();
std::vector<training::Entry> exploration();
std::vector<training::Entry> offline();
std::vector<training::Entry> planning();
std::vector<training::Entry> policy_gradient();
std::vector<training::Entry> tabular();
std::vector<training::Entry> value();

}  // namespace agents
