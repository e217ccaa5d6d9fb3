// What a checkpoint holds of a random generator, looked over before the generator takes it.
#pragma once

#include "training/torch.h"

#include <string>

namespace training {

// Sets the generator to `state`, as its get_state() gave it. Error that begins with `where` for a state that
// no generator has: a Mersenne Twister reads its 624 words at a place which the state says.
void restore_stream(torch::Generator generator, const torch::Tensor& state, const std::string& where);

}  // namespace training
