// What docs/testing.md shows are tests themselves. They run here as they stand there.
import '../../examples/testing/expiry.test'
import '../../examples/testing/visibility.test'
