// The gradient of a function of arrays, held against central differences.
#pragma once

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "core/random.h"
#include "supervised/scratch/elementwise.h"
#include "supervised/scratch/sums.h"
#include "tests/catch.h"

namespace tests {

using Array = supervised::scratch::Tensor<double>;
using ArrayFunction = std::function<Array(const std::vector<Array>&)>;

// Numbers of this shape in low .. high.
inline std::vector<double> drawn(const supervised::scratch::Shape& shape, uint64_t seed, double low = -1,
                                 double high = 1) {
  core::Pcg64 random(seed);
  std::vector<double> values(static_cast<size_t>(supervised::scratch::count(shape)));
  for (double& value : values) value = random.uniform(low, high);
  return values;
}

// The result as one number in which each of its own has another weight, so that none can stand for another.
inline Array weighed(const Array& y) {
  std::vector<double> weights(static_cast<size_t>(y.count()));
  for (size_t i = 0; i < weights.size(); ++i) weights[i] = 1 + 0.3 * std::sin(double(i));
  return supervised::scratch::sum(y * Array(y.shape(), weights));
}

// Every slope to 1e-6 of the largest, in each number of each input.
inline void check_gradient(const std::string& name, const ArrayFunction& f,
                           const std::vector<supervised::scratch::Shape>& shapes, double low = -1,
                           double high = 1) {
  constexpr double step = 1e-5;
  std::vector<std::vector<double>> values;
  std::vector<Array> leaves;
  for (const auto& shape : shapes) {
    values.push_back(drawn(shape, values.size() + 1, low, high));
    leaves.push_back(Array::leaf(shape, values.back()));
  }
  weighed(f(leaves)).backward();
  for (size_t k = 0; k < shapes.size(); ++k)
    for (size_t i = 0; i < values[k].size(); ++i) {
      const auto moved = [&](double by) {
        std::vector<Array> inputs;
        for (size_t j = 0; j < shapes.size(); ++j) inputs.emplace_back(shapes[j], values[j]);
        inputs[k].values()[i] += by;
        return weighed(f(inputs)).item();
      };
      REQUIRE(leaves[k].gradient());
      INFO(name << ": input " << k << ", number " << i);
      CHECK(leaves[k].gradient()[i] ==
            Approx((moved(step) - moved(-step)) / (2 * step)).epsilon(1e-6).margin(1e-8));
    }
}

}  // namespace tests
