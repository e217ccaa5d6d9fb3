// Dosovitskiy et al. (2021), An image is worth 16x16 words: transformers for image recognition at scale.
#include "supervised/vision/vit.h"

namespace supervised {

void Vit::Options::fields(core::Fields& f) {
  f.section("vit", vit, "The loss");
  f.section("net", net, "Patches as a sequence, blocks of attention, a linear layer for the class token");
  pictures.fields(f);
}

void Vit::build(training::Build& build) {
  const PictureSizes one_size{false, "vit has a position for each patch of one size"};
  const PictureTask::Shape shape = task_.load(build, options_.pictures, options_.vit, "vit", one_size);
  net_ = training::VisionTransformer("net", shape, task_.task().outputs(), options_.net);
  for (const torch::Tensor& embedding : net_->embeddings()) build.embedding(embedding);
  task_.task().learns(build, *net_, [this](const torch::Tensor& inputs) { return answered(net_, inputs); });
}

}  // namespace supervised
