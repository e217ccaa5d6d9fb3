// What there is to see of a GAN: its samples, the way between two of them, and its critic's opinion.
#include "generative/autoencoders/code_pictures.h"
#include "generative/gan/gan.h"
#include "training/compat.h"
#include "training/distributions.h"
#include "training/loop/gallery.h"

namespace generative {

using torch::Tensor;

void Gan::sample(core::Gallery& gallery) {
  const Tensor classes =
      conditional() ? training::wished_classes(gallery, data_.train.classes).to(device_) : Tensor();
  const Tensor made =
      samples(gallery.n, classes, training::default_generator());  // whoever asks has seeded it
  if (training::are_images(made)) {
    training::add_images(gallery, "samples", "Pictures that the generator makes of noise", made,
                         conditional() ? std::min(this->classes(), gallery.n) : 0);
    show_interpolations(gallery, classes);
  } else if (made.size(1) == 2) {
    show_plane(gallery, made, classes);
  }
}

// Within a class each, where the generator is told it.
void Gan::show_interpolations(core::Gallery& gallery, const Tensor& classes) {
  constexpr int64_t ways = 4;
  const torch::NoGradGuard no_grad;
  const Tensor ends = training::normal_noise(torch::empty({2 * ways, options_.gan.latent}, device_),
                                             training::default_generator());
  const auto decode = [&](const Tensor& way) {  // [ways * columns, Z]
    Tensor of_way;
    if (classes.defined())
      of_way = classes.index_select(0, torch::arange(ways, classes.options()) % classes.size(0))
                   .repeat_interleave(way.size(0) / ways);
    return nets_.generate(way, of_way);
  };
  generative::show_interpolations(gallery, ends, decode,
                                  "From one sample to another, straight through the noise");
}

// A critic that is told the class has no opinion of a point alone.
void Gan::show_plane(core::Gallery& gallery, const Tensor& points, const Tensor& classes) {
  constexpr int64_t side = 128;
  const torch::NoGradGuard no_grad;
  const core::Rect window = *data_.window;
  training::add_points(gallery, "samples", "Points that the generator makes of noise", points, window,
                       classes, conditional() ? data_.train.classes : std::vector<std::string>{});
  if (conditional()) return;
  const Tensor opinion = nets_.criticise(training::grid_points(window, side).to(device_), {});
  gallery.grid("critic", "The critic's opinion of each point: the higher the more like data", side, side,
               training::floats(loss().shown(opinion)), window);
}

}  // namespace generative
