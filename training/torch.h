// The part of LibTorch that the house uses, precompiled once for all of its wings: the whole <torch/torch.h>
// costs each file two to five times as much. Optimisers come in where they are made
// (training/loop/optimizer.cpp).
#pragma once

#include <torch/autograd.h>
#include <torch/cuda.h>
#include <torch/nn/init.h>
#include <torch/nn/module.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/embedding.h>
#include <torch/nn/modules/linear.h>
#include <torch/types.h>
#include <torch/utils.h>
#include <torch/version.h>
