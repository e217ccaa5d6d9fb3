#include "generative/all.h"

#include "generative/families.h"

namespace generative {

const core::Table<training::Entry>& all() {
  static const core::Table<training::Entry> table =
      training::joined("model", {autoencoders, autoregressive, diffusion, flow, gan});
  return table;
}

}  // namespace generative
