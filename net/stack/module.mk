MODULES            += net/stack
net/stack.sources  :=
net/stack.requires :=
