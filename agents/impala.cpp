#include "agents/impala.h"

#include <array>
#include <cmath>
#include <string>

#include "training/nets/init.h"

namespace agents {

static constexpr std::array<int64_t, 3> stage_channels{16, 32, 32};

torch::nn::Conv2d ImpalaImpl::add(const std::string& name, int64_t inputs, int64_t outputs, double gain) {
  torch::nn::Conv2d convolution(torch::nn::Conv2dOptions(inputs, outputs, 3).padding(1));
  training::initialise(convolution->weight, convolution->bias, "orthogonal", gain);
  return register_module(name, convolution);
}

ImpalaImpl::ImpalaImpl(int64_t channels) {
  const double plain = std::sqrt(2.0), small = 0.5;
  for (const int64_t outputs : stage_channels) {
    const std::string name = "stage_" + std::to_string(stages_.size() + 1);
    Stage stage{add(name, channels, outputs, plain), {}};
    for (const std::string block : {"_block_1", "_block_2"})
      stage.blocks.push_back({add(name + block + "_a", outputs, outputs, plain),
                              add(name + block + "_b", outputs, outputs, small)});
    stages_.push_back(stage);
    channels = outputs;
  }
}

torch::Tensor ImpalaImpl::forward(const torch::Tensor& pictures) {
  torch::Tensor x = pictures;
  for (Stage& stage : stages_) {
    x = torch::max_pool2d(stage.first->forward(x), 3, 2, 1);
    for (Block& block : stage.blocks) x = x + block.b->forward(torch::relu(block.a->forward(torch::relu(x))));
  }
  return torch::relu(x);
}

int64_t ImpalaImpl::features(int64_t height, int64_t width) {
  for (size_t stage = 0; stage < stage_channels.size(); ++stage)
    height = (height + 1) / 2, width = (width + 1) / 2;
  return stage_channels.back() * height * width;
}

}  // namespace agents
