import { Inject, Injectable, NotFoundException } from '@nestjs/common';
import { Cacheable } from 'nestjs-enhanced-cache';
import { CatalogRepository } from './catalog.repository.js';
import type { CountryStatistics } from './city.js';

/** What more than one caller may ask; here the method is cached, whoever calls it. */
@Injectable()
export class CatalogService {
  constructor(@Inject(CatalogRepository) private readonly repository: CatalogRepository) {}

  /**
   * @param code two capital letters; the tag is made of it.
   * @throws {NotFoundException} where no city of that country is known; errors are not cached.
   */
  @Cacheable({ ttl: '10m', tags: ['country:{0}'] })
  async countryStatistics(code: string): Promise<CountryStatistics> {
    const statistics = this.repository.statistics(code);
    if (!statistics) throw new NotFoundException(`no city of a country ${code} is known`);
    return statistics;
  }
}
