// The multi-layer perceptron of single numbers (supervised/scratch/scalar_mlp.h) as a learner's net.
#pragma once

#include "training/torch.h"

#include <memory>

#include "supervised/own_net.h"

namespace supervised {

// Error where our own scalar autograd lacks the net's activation.
std::shared_ptr<OwnNet> own_scalars(const BackendOptions& options, torch::nn::Module& module,
                                    const scratch::Mlp& net);

}  // namespace supervised
