// The rows of the table of models, by family: each folder's own all.cpp.
#pragma once

#include "generative/all.h"

namespace generative {

std::vector<training::Entry> autoencoders();
std::vector<training::Entry> autoregressive();
std::vector<training::Entry> diffusion();
std::vector<training::Entry> flow();
std::vector<training::Entry> gan();

}  // namespace generative
