// What the layers of nets do, read off LibTorch's own operations while they are done: a layer is whatever has
// weights, by whichever class it is written.
#pragma once

#include "training/torch.h"

#include <functional>
#include <string>
#include <vector>

namespace training {

// Weights that go together, such as a convolution's kernels and shifts.
struct WatchedLayer {
  std::string name;
  std::vector<torch::Tensor> weights;
  bool attends = false;  // queries, keys and values come of it, side by side: products of theirs follow
};

// The first time that an operation used a layer. Of what is nobody's layer, such as pooling, the layer before
// it is told.
struct LayerCall {
  size_t layer;
  std::string operation;       // "conv2d", "linear", "max_pool2d", ...
  std::vector<int64_t> shape;  // of what came out, rows first
  double flops = 0;            // of products: a multiplication and an addition are two
  double bytes = 0;            // of what came out
};

// Runs `pass`, and tells in order which layers were used on its way forward, each operation once. What goes
// on in other threads, in backward and in kernels of our own is not seen. An exception goes on, with `calls`
// as far as they are known.
void watch_layers(const std::vector<WatchedLayer>& layers, const std::function<void()>& pass,
                  std::vector<LayerCall>& calls);

}  // namespace training
