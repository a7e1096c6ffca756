import 'reflect-metadata'
import type { DynamicModule, FactoryProvider, InjectionToken, ValueProvider } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'

/** What is used here of a Nest application context. */
export interface NestContext {
  get<T>(token: InjectionToken<T>): T
  close(): Promise<void>
}

const running: NestContext[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((context) => context.close()))
})

/** A Nest application of these modules and providers, which closes itself after the test. */
export async function startNest(
  imports: DynamicModule[],
  providers: (FactoryProvider | ValueProvider)[] = [],
): Promise<NestContext> {
  class Application {}
  const module: DynamicModule = { module: Application, imports, providers }
  const context = await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false })
  running.push(context)
  return context
}
