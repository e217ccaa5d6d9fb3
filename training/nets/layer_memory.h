// The memory that a net's layers will take together, refused before minutes are spent on the first ones.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace training {

// Linear layers inputs -> hidden -> outputs, with gradient and moments; `name` is what the net is called.
void foresee_layers(const std::string& name, int64_t inputs, int64_t outputs,
                    const std::vector<int64_t>& hidden);

}  // namespace training
